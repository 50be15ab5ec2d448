terraform {
  backend "s3" {}
}

module "network" {
  source = "../../modules/network"

  name                = "tracking"
  cidr_block          = var.cidr_block
  availability_zones  = var.availability_zones
  flow_log_bucket_arn = var.flow_log_bucket_arn
}
