variable "name" {
  description = "Prefix of every resource's name."
  type        = string
}

variable "cidr_block" {
  description = "The network's own range; subnets are cut from it."
  type        = string
}

variable "availability_zones" {
  description = "One private and one public subnet in each."
  type        = list(string)
}

variable "flow_log_bucket_arn" {
  description = "Bucket that refused connections are logged to."
  type        = string
}

variable "tags" {
  description = "Put on everything."
  type        = map(string)
  default     = {}
}
