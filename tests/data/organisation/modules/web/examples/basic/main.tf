module "web" {
  source  = "../.."
  cidr    = "192.0.2.0/24"
  zone_id = "Z0"
  target  = "web.corp.example"
}
