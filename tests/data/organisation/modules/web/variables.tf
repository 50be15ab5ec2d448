variable "cidr" {
  type = string
}

variable "zone_id" {
  type = string
}

variable "target" {
  type = string
}
