terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  alias   = "network"
  profile = "tf-network"
  region  = "eu-west-1"
}

data "aws_caller_identity" "network" {
  provider = aws.network
}

provider "aws" {
  alias   = "dns"
  profile = "tf-dns"
  region  = "eu-west-1"
}

data "aws_caller_identity" "dns" {
  provider = aws.dns
}

provider "aws" {
  alias   = "logs"
  profile = "tf-logs"
  region  = "eu-west-1"
}

data "aws_caller_identity" "logs" {
  provider = aws.logs
}

provider "aws" {
  alias   = "audit"
  profile = "tf-audit"
  region  = "eu-west-1"
}

data "aws_caller_identity" "audit" {
  provider = aws.audit
}

provider "aws" {
  alias   = "backup"
  profile = "tf-backup"
  region  = "eu-west-1"
}

data "aws_caller_identity" "backup" {
  provider = aws.backup
}

provider "aws" {
  alias   = "build"
  profile = "tf-build"
  region  = "eu-west-1"
}

data "aws_caller_identity" "build" {
  provider = aws.build
}

provider "aws" {
  alias   = "web-dev"
  profile = "tf-web-dev"
  region  = "eu-west-1"
}

data "aws_caller_identity" "web-dev" {
  provider = aws.web-dev
}

provider "aws" {
  alias   = "web-qa"
  profile = "tf-web-qa"
  region  = "eu-west-1"
}

data "aws_caller_identity" "web-qa" {
  provider = aws.web-qa
}

provider "aws" {
  alias   = "web-prod"
  profile = "tf-web-prod"
  region  = "eu-west-1"
}

data "aws_caller_identity" "web-prod" {
  provider = aws.web-prod
}

provider "aws" {
  alias   = "db-dev"
  profile = "tf-db-dev"
  region  = "eu-west-1"
}

data "aws_caller_identity" "db-dev" {
  provider = aws.db-dev
}

provider "aws" {
  alias   = "db-qa"
  profile = "tf-db-qa"
  region  = "eu-west-1"
}

data "aws_caller_identity" "db-qa" {
  provider = aws.db-qa
}

provider "aws" {
  alias   = "db-prod"
  profile = "tf-db-prod"
  region  = "eu-west-1"
}

data "aws_caller_identity" "db-prod" {
  provider = aws.db-prod
}

output "who" {
  value = {
    "network" = data.aws_caller_identity.network.arn
    "dns" = data.aws_caller_identity.dns.arn
    "logs" = data.aws_caller_identity.logs.arn
    "audit" = data.aws_caller_identity.audit.arn
    "backup" = data.aws_caller_identity.backup.arn
    "build" = data.aws_caller_identity.build.arn
    "web-dev" = data.aws_caller_identity.web-dev.arn
    "web-qa" = data.aws_caller_identity.web-qa.arn
    "web-prod" = data.aws_caller_identity.web-prod.arn
    "db-dev" = data.aws_caller_identity.db-dev.arn
    "db-qa" = data.aws_caller_identity.db-qa.arn
    "db-prod" = data.aws_caller_identity.db-prod.arn
  }
}
