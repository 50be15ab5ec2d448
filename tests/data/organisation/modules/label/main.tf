locals {
  id = join("-", [var.name, var.stage])
}

output "id" {
  value = local.id
}
