#!/bin/sh
# Creates the secrets of compose.yaml in the folder `secrets` beside this file, once: existing files stay as they are.
# Run it as root, because the hub in its container has the user 850.
#   create-secrets.sh <public host name>
set -eu
name=${1:?"usage: $0 <public host name>"}
umask 077
cd "$(dirname "$0")"
mkdir -p secrets

# Writes standard input to a file, unless it exists.
create() {
  if [ -e "secrets/$1" ]; then cat > /dev/null; else cat > "secrets/$1"; fi
}

openssl rand -hex 32 | create fleet-secret
openssl rand -hex 32 | create token
openssl rand -hex 32 | create postgres-password
echo "postgres://medkit:$(cat secrets/postgres-password)@postgres:5432/medkit" | create fleet-database
create evidence-key << END
aws_access_key_id = medkit
aws_secret_access_key = $(openssl rand -hex 32)
END
create s3-identities << END
{"identities": [{"name": "medkit", "actions": ["Admin", "Read", "Write", "List"], "credentials": [
  {"accessKey": "medkit", "secretKey": "$(sed -n 's/^aws_secret_access_key = //p' secrets/evidence-key)"}]}]}
END
if [ ! -e secrets/certificate.pem ]; then
  # Replace it by a certificate that robots and browsers trust. The uplink of a robot has TLS of its keys inside.
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj "/CN=$name" \
    -addext "subjectAltName=DNS:$name" -keyout secrets/key.pem -out secrets/chain.pem 2> /dev/null
  cat secrets/chain.pem secrets/key.pem > secrets/certificate.pem
fi
chown 850:850 secrets/fleet-secret secrets/fleet-database secrets/evidence-key secrets/token
# The users of these containers differ.
chmod 644 secrets/s3-identities secrets/postgres-password secrets/certificate.pem
chmod 711 secrets
echo "The token for the first requests is in $(pwd)/secrets/token"
