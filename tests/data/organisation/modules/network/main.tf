module "label" {
  source = "../label"
  name   = var.name
  stage  = "net"
}

resource "aws_vpc" "this" {
  cidr_block = var.cidr
  tags       = { Name = module.label.id }
}
