resource "aws_route53_record" "sso" {
  zone_id = var.zone_id
  name    = "sso.corp.example"
  type    = "CNAME"
  records = [var.target]
}

resource "aws_route53_record" "sso_again" {
  zone_id = var.zone_id
  name    = "sso.corp.example"
  type    = "TXT"
  records = [var.target]
}
