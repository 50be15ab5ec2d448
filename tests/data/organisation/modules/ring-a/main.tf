module "b" {
  source = "../ring-b"
}
