resource "null_resource" "x" {
  triggers = {
    zone = var.zone
  }
}
