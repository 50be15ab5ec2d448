module "prod" {
  source = "../../environments/prod"
}
