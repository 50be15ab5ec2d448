variable "smtp_from" {
  type    = string
  default = "robot.corp.example"
}
