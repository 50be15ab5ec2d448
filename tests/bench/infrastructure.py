#!/usr/bin/env python3
"""Mixed infrastructure code for the benchmark: infrastructure.py DIR MEGABYTES. The same each time.

Terraform, Helm, Kubernetes, Ansible, Puppet, Python, TypeScript, JSON, shell and Dockerfiles, about a third of it in shared code,
with one literal that couples in forty lines, as 18 open infrastructures have on average.
"""
import os
import random
import sys

pick = random.Random(7)
WORDS = "edge core api web queue batch cache search auth mail metrics proxy store index worker billing".split()


def word():
    return pick.choice(WORDS)


def literal():
    """What couples: of the kinds and in the shares that are found."""
    kind = pick.random()
    if kind < 0.5:
        return f"{word()}{pick.randrange(99)}.{pick.choice(['int', 'prod', 'eu'])}.corp.example"
    if kind < 0.65:
        return f"10.{pick.randrange(256)}.{pick.randrange(256)}.{pick.randrange(1, 255)}"
    if kind < 0.75:
        return "arn:aws:iam::%012d:role/%s" % (pick.randrange(2 * 10**11, 9 * 10**11), word())
    if kind < 0.85:
        return "sg-%017x" % pick.randrange(16**17)
    return f"{word()}.person@corp.example"


def value(reference):
    roll = pick.random()
    return literal() if roll < 0.045 else reference if roll < 0.5 else f"{word()}-{word()}"


def terraform(n):
    out = []
    for i in range(n):
        out.append(f'resource "aws_instance" "{word()}_{i}" {{\n  # The {word()} of {word()}.\n')
        for key in pick.sample(["ami", "subnet_id", "name", "owner", "role", "zone", "endpoint"], 5):
            out.append(f'  {key} = "{value("${var." + key + "}")}"\n')
        out.append(f'  tags = {{\n    Name = "${{var.name}}-{word()}"\n    team = "{word()}"\n  }}\n}}\n\n')
    return "".join(out)


def variables(n):
    return "".join(f'variable "{word()}_{i}" {{\n  type        = string\n  description = "The {word()} of it."\n}}\n\n' for i in range(n))


def kubernetes(n):
    out = []
    for i in range(n):
        out.append(f"---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {word()}-{i}\n  labels:\n    app: {word()}\n"
                   f"spec:\n  replicas: {pick.randrange(9)}\n  template:\n    spec:\n      containers:\n        - name: {word()}\n"
                   f"          image: ghcr.io/example/{word()}:1.{i}\n          env:\n")
        for _ in range(6):
            out.append(f'            - name: {word().upper()}\n              value: "{value("$(" + word().upper() + ")")}"\n')
    return "".join(out)


def chart(n):
    out = ["apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n"]
    for i in range(n * 5):
        out.append(f'  {word()}_{i}: "{value("{{ .Values." + word() + " }}")}"\n')
        if i % 9 == 8:
            out.append(f"  {{{{- if .Values.{word()} }}}}\n  more_{i}: {{{{ .Values.{word()} | quote }}}}\n  {{{{- end }}}}\n")
    return "".join(out)


def ansible(n):
    out = []
    for i in range(n * 2):
        out.append(f'- name: {word()} the {word()}\n  ansible.builtin.template:\n    src: {word()}.j2\n    dest: /etc/{word()}/{i}.conf\n'
                   f'  vars:\n    host: "{value("{{ " + word() + "_host }}")}"\n    port: {pick.randrange(1024, 9999)}\n')
    return "".join(out)


def puppet(n):
    out = [f"class {word()}::{word()} (\n  String $host,\n) {{\n"]
    for i in range(n * 3):
        out.append(f"  file {{ '/etc/{word()}/{i}':\n    ensure  => file,\n    content => \"{value('${host}')}\",\n  }}\n")
    return "".join(out) + "}\n"


def python(n):
    out = ["import pulumi\nimport pulumi_aws as aws\n\nconfig = pulumi.Config()\n"]
    for i in range(n):
        out.append(f'\n{word()}_{i} = aws.ec2.Instance(\n    "{word()}-{i}",\n    ami=config.require("ami"),\n    user_data=f"""{word()} {{config.name}}""",\n'
                   f'    tags={{"owner": "{value(word())}", "name": "{value(word())}"}},\n)\n')
    return "".join(out)


def typescript(n):
    out = ['import * as cdk from "aws-cdk-lib";\n']
    for i in range(n):
        out.append(f'\nexport class {word().title()}{i} extends cdk.Stack {{\n  constructor(scope: cdk.App, id: string) {{\n    super(scope, id);\n'
                   f'    new Thing(this, "{word()}", {{ host: "{value("${props.host}")}", size: {i} }});\n  }}\n}}\n')
    return "".join(out)


def json_data(n):
    lines = [f'  "{word()}_{i}": {{"name": "{value(word())}", "enabled": {"true" if i % 2 else "false"}, "size": {i}}}' for i in range(n * 4)]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def shell(n):
    out = ["#!/bin/sh\nset -eu\n"]
    for i in range(n * 4):
        out.append(f'if [ -n "${{{word().upper()}:-}}" ]; then\n  curl -fsS "https://{value("${HOST}")}/{word()}/{i}" >/dev/null\nfi\n')
    return "".join(out)


def docker(n):
    return "FROM debian:12\n" + "".join(f'ENV {word().upper()}_{i}="{value("${" + word().upper() + "}")}"\nRUN apt-get install -y {word()}\n' for i in range(n))


KINDS = [
    ("modules/{0}/main.tf", terraform, 9), ("modules/{0}/variables.tf", variables, 9), ("stacks/{0}/main.tf", terraform, 9),
    ("environments/prod/{0}/main.tf", terraform, 9), ("k8s/{0}/app.yaml", kubernetes, 9), ("apps/{0}/app.yaml", kubernetes, 9),
    ("charts/{0}/templates/config.yaml", chart, 9), ("roles/{0}/tasks/main.yml", ansible, 9), ("playbooks/{0}.yml", ansible, 9),
    ("site-modules/{0}/manifests/init.pp", puppet, 9), ("pulumi/{0}/__main__.py", python, 9), ("cdk/lib/{0}.ts", typescript, 9),
    ("data/{0}.json", json_data, 9), ("scripts/{0}.sh", shell, 9), ("images/{0}/Dockerfile", docker, 9),
]


def main():
    root, megabytes = sys.argv[1], float(sys.argv[2])
    written, number = 0, 0
    while written < megabytes * 1e6:
        for pattern, make, size in KINDS:
            path = os.path.join(root, pattern.format(f"{word()}{number}"))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            text = make(pick.randrange(2, size * 3))
            with open(path, "w") as file:
                file.write(text)
            written += len(text)
        number += 1


main()
