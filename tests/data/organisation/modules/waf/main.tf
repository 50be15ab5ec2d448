module "rules" {
  source = "git::ssh://git@git.corp.example/security/waf-rules.git?ref=v1"
}
