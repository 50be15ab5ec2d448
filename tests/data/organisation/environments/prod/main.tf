terraform {
  backend "s3" {}
}

module "web" {
  source = "../../modules/web"
  cidr   = "10.20.0.0/16"
}
