variable "name" {
  type = string
}

variable "stage" {
  type = string
}
