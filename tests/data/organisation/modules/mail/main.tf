locals {
  parts = ["relay", "corp", "example"]
  host  = join(".", local.parts)
}

resource "null_resource" "relay" {
  triggers = {
    host = local.host
  }
}
