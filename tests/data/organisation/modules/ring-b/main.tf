module "a" {
  source = "../ring-a"
}
