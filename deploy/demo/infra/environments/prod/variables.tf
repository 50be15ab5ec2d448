variable "cidr_block" { type = string }
variable "availability_zones" { type = list(string) }
variable "flow_log_bucket_arn" { type = string }
