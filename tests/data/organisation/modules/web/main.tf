module "network" {
  source = "../network"
  name   = "web"
  cidr   = var.cidr
}

module "dns" {
  source  = "../dns"
  zone_id = var.zone_id
  target  = var.target
}
