cidr_block         = "10.42.0.0/16"
availability_zones = ["eu-central-1a", "eu-central-1b"]
