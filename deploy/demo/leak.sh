#!/usr/bin/env bash
# The change that the demo pushes: a new service, made in a hurry. In two commits it leaks credentials and writes down
# what only one organisation has. Every credential is made up here and now and opens nothing.
#
#   leak.sh DIR    DIR: a work tree of the demo's infrastructure, on the branch that is to leak
set -euo pipefail
cd "${1:?usage: leak.sh DIR}"

# random N ALPHABET: N characters.
random() {
  local bytes
  bytes=$(head -c 4096 /dev/urandom | LC_ALL=C tr -dc "$2")
  printf '%s' "${bytes:0:$1}"
}

# GitHub's form: 30 characters and their CRC-32 in base 62. gzip writes the CRC-32 of its input near the end.
github_token() {
  local digits=0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz body crc sum=
  body=$(random 30 '0-9A-Za-z')
  crc=$((0x$(printf %s "$body" | gzip -c | tail -c 8 | od -An -N4 -tx1 | awk '{ print $4 $3 $2 $1 }')))
  for _ in 1 2 3 4 5 6; do
    sum=${digits:$((crc % 62)):1}$sum
    crc=$((crc / 62))
  done
  printf 'gh%s_%s%s' p "$body" "$sum"
}

aws_id=AK$(printf IA)$(random 16 'A-Z2-7')
aws_secret=$(random 40 '0-9A-Za-z/+')
database_password=$(random 20 '0-9A-Za-z')

# The first commit: a token that the second takes out again. It stays in the branch's history.
cat >> compose.yaml <<YAML
  labels:
    build: .
    environment:
      LABELS_GITHUB_TOKEN: $(github_token)
YAML
git commit -qam "labels: print shipping labels"

sed -i 's/LABELS_GITHUB_TOKEN: .*/LABELS_GITHUB_TOKEN: ${LABELS_GITHUB_TOKEN:?}/' compose.yaml
sed -i "s|postgresql://tracking@database|postgresql://tracking:$database_password@database|" compose.yaml

cat >> environments/prod/terraform.tfvars <<HCL

aws_access_key_id     = "$aws_id"
aws_secret_access_key = "$aws_secret"
HCL

# A variable becomes a literal, and one organisation's account, subnet and hosts move into shared code.
sed -i 's/cidr_blocks = \[var.cidr_block\]/cidr_blocks = ["10.42.16.0\/20", "10.42.64.0\/20"]/' modules/network/main.tf
cat >> modules/network/main.tf <<'HCL'

resource "aws_iam_role_policy_attachment" "labels" {
  role       = "labels-printer"
  policy_arn = "arn:aws:iam::402917863355:policy/labels-printer"
}

resource "aws_instance" "labels" {
  ami           = var.labels_ami
  instance_type = "t3.small"
  subnet_id     = "subnet-0b3f91c7a52d86e14"
}
HCL
cat >> roles/web/defaults/main.yml <<'YAML'
web_labels_host: labels01.prod.fernhollow.internal
web_labels_database: 10.42.80.17
web_alert_mail: marta.lindqvist@fernhollow-freight.net
YAML
git commit -qam "labels: run in production"
