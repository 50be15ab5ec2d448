output "vpc_id" {
  description = "The network."
  value       = aws_vpc.this.id
}

output "private_subnet_ids" {
  description = "Where services run."
  value       = aws_subnet.private[*].id
}

output "internal_security_group_id" {
  description = "Lets the inside of the network in."
  value       = aws_security_group.internal.id
}
