#!/bin/bash
# Starts Slotkeeper on a fresh Amazon Linux 2023: web and worker as containers under systemd. CDK sets the variables in
# front of it. It tells CloudFormation how it went: a machine that does not serve ends the roll out.
set -euo pipefail
: "${REGION:?}" "${IMAGE:?}" "${STACK:?}" "${GROUP:?}" "${APP_SECRET_ID:?}" "${CACHE_SECRET_ID:?}" "${APPLICATION_SECRET_ID:?}"
: "${SETTINGS_PROGRAM:?}" "${SETTINGS:?}" "${HOSTS:?}" "${LOG_PREFIX:?}"
ROOT="${ROOT:-}"
trap 'cfn-signal --exit-code $? --stack "$STACK" --resource "$GROUP" --region "$REGION"' EXIT

dnf install -y -q docker aws-cfn-bootstrap
systemctl enable --now docker
mkdir -p "$ROOT/opt/slotkeeper" "$ROOT/etc/systemd/system"
printf '%s\n' "$SETTINGS" > "$ROOT/opt/slotkeeper/settings.env"
printf '%s\n' "$HOSTS" > "$ROOT/opt/slotkeeper/hosts.env"
printf '%s' "$SETTINGS_PROGRAM" | base64 -d > "$ROOT/opt/slotkeeper/settings.ts"

aws ecr get-login-password --region "$REGION" | docker login --username AWS --password-stdin "${IMAGE%%/*}"
docker pull -q "$IMAGE"

# Secrets are fetched at every start, and lie in memory only.
cat > "$ROOT/opt/slotkeeper/fetch-secrets" <<SCRIPT
#!/bin/bash
set -euo pipefail
secret() { aws secretsmanager get-secret-value --region "$REGION" --secret-id "\$1" --query SecretString --output text; }
mkdir -p -m 0711 "$ROOT/run/slotkeeper"
APP_SECRET=\$(secret "$APP_SECRET_ID")
CACHE_PASSWORD=\$(secret "$CACHE_SECRET_ID")
APPLICATION_SECRET=\$(secret "$APPLICATION_SECRET_ID")
export APP_SECRET CACHE_PASSWORD APPLICATION_SECRET
docker run --rm --user 0 --read-only --tmpfs /tmp -v "$ROOT/run/slotkeeper:/made" -v "$ROOT/opt/slotkeeper/settings.ts:/settings.ts:ro" \\
  -e APP_SECRET -e CACHE_PASSWORD -e APPLICATION_SECRET --env-file "$ROOT/opt/slotkeeper/hosts.env" --entrypoint node "$IMAGE" /settings.ts
# The one that is no secret of the product's settings, so that it has no file.
printf 'MAIL_USERNAME=%s\n' "\$(cat "$ROOT/run/slotkeeper/mail_username")" > "$ROOT/run/slotkeeper/mail.env"
SCRIPT
chmod 0755 "$ROOT/opt/slotkeeper/fetch-secrets"

unit() {
  local role=$1 more=$2
  cat > "$ROOT/etc/systemd/system/slotkeeper-$role.service" <<UNIT
[Unit]
Description=Slotkeeper $role
Requires=docker.service
After=docker.service network-online.target

[Service]
Restart=always
RestartSec=5
TimeoutStopSec=70
ExecStartPre=-/usr/bin/docker rm -f slotkeeper-$role
ExecStartPre=/opt/slotkeeper/fetch-secrets
ExecStart=/usr/bin/docker run --rm --init --name slotkeeper-$role --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --env-file /opt/slotkeeper/settings.env --env-file /run/slotkeeper/mail.env -v /run/slotkeeper:/made:ro --log-driver awslogs --log-opt awslogs-region=$REGION --log-opt awslogs-group=$LOG_PREFIX/$role $more $IMAGE $role
ExecStop=/usr/bin/docker stop -t 60 slotkeeper-$role

[Install]
WantedBy=multi-user.target
UNIT
}
unit web '-p 5000:5000'
unit worker '-e METRICS_PORT=9464'
systemctl daemon-reload
systemctl enable --now slotkeeper-web slotkeeper-worker

for _ in $(seq "${TRIES:-60}"); do
  if curl -fsS -o /dev/null http://127.0.0.1:5000/health/ready; then exit 0; fi
  sleep 5
done
echo 'The web process did not get ready' >&2
exit 1
