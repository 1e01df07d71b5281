#!/bin/bash
# People come through Session Manager alone: nothing listens for them.
set -euo pipefail
systemctl disable --now sshd.service
systemctl enable --now amazon-ssm-agent.service
# What is used most behind a jump server. Without the packages it is still one.
dnf install --assumeyes postgresql16 || logger --tag jump-server "postgresql16 was not installed"
