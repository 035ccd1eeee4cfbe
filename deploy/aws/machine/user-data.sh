#!/bin/bash
# Starts Slotkeeper on a fresh Amazon Linux 2023: web and worker as containers under systemd. CDK sets the variables in
# front of it. It tells CloudFormation how it went: a machine that does not serve ends the roll out.
set -euo pipefail
: "${REGION:?}" "${IMAGE:?}" "${STACK:?}" "${GROUP:?}" "${APP_SECRET_ID:?}" "${CACHE_SECRET_ID:?}" "${APPLICATION_SECRET_ID:?}"
: "${SETTINGS_PROGRAM:?}" "${SETTINGS:?}" "${HOSTS:?}" "${LOG_PREFIX:?}"
trap '/opt/aws/bin/cfn-signal --exit-code $? --stack "$STACK" --resource "$GROUP" --region "$REGION"' EXIT

dnf install -y -q docker aws-cfn-bootstrap
systemctl enable --now docker
mkdir -p /opt/slotkeeper
printf '%s\n' "$SETTINGS" > /opt/slotkeeper/settings.env
printf '%s\n' "$HOSTS" > /opt/slotkeeper/hosts.env
printf '%s' "$SETTINGS_PROGRAM" | base64 -d > /opt/slotkeeper/settings.ts

# What opens the registry lies in memory, and goes.
DOCKER_CONFIG=$(mktemp -d -p /run)
export DOCKER_CONFIG
aws ecr get-login-password --region "$REGION" | docker login --username AWS --password-stdin "${IMAGE%%/*}"
docker pull -q "$IMAGE"
rm -r "$DOCKER_CONFIG"
unset DOCKER_CONFIG

# Secrets are fetched at every start, and lie in memory only. They come into the container by its standard input: what is
# in its environment, Docker writes to disk.
cat > /opt/slotkeeper/fetch-secrets <<SCRIPT
#!/bin/bash
set -euo pipefail
umask 077
secret() { aws secretsmanager get-secret-value --region "$REGION" --secret-id "\$1" --query SecretString --output text; }
APP_SECRET=\$(secret "$APP_SECRET_ID")
CACHE_PASSWORD=\$(secret "$CACHE_SECRET_ID")
APPLICATION_SECRET=\$(secret "$APPLICATION_SECRET_ID")
export APP_SECRET CACHE_PASSWORD APPLICATION_SECRET
{ declare -p APP_SECRET CACHE_PASSWORD APPLICATION_SECRET; echo 'exec node /settings.ts'; } |
  docker run --rm -i --user 0 --read-only --tmpfs /tmp -v "\$RUNTIME_DIRECTORY:/made" -v /opt/slotkeeper/settings.ts:/settings.ts:ro \\
    --env-file /opt/slotkeeper/hosts.env --entrypoint bash "$IMAGE" -s
# The one that is no secret of the product's settings, so that it has no file.
printf 'MAIL_USERNAME=%s\n' "\$(cat "\$RUNTIME_DIRECTORY/mail_username")" > "\$RUNTIME_DIRECTORY/mail.env"
SCRIPT
chmod 0755 /opt/slotkeeper/fetch-secrets

unit() {
  local role=$1 more=$2
  cat > "/etc/systemd/system/slotkeeper-$role.service" <<UNIT
[Unit]
Description=Slotkeeper $role
Requires=docker.service
After=docker.service network-online.target

[Service]
Restart=always
RestartSec=5
TimeoutStopSec=70
RuntimeDirectory=slotkeeper-$role
RuntimeDirectoryMode=0711
ExecStartPre=-/usr/bin/docker rm -f slotkeeper-$role
ExecStartPre=/opt/slotkeeper/fetch-secrets
ExecStart=/usr/bin/docker run --rm --init --name slotkeeper-$role --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --env-file /opt/slotkeeper/settings.env --env-file /run/slotkeeper-$role/mail.env -v /run/slotkeeper-$role:/made:ro --log-driver awslogs --log-opt awslogs-region=$REGION --log-opt awslogs-group=$LOG_PREFIX/$role $more $IMAGE $role
ExecStop=/usr/bin/docker stop -t 60 slotkeeper-$role

[Install]
WantedBy=multi-user.target
UNIT
}
unit web '-p 5000:5000'
# The image's own check of health is that of a web process.
unit worker '-e METRICS_PORT=9464 -p 127.0.0.1:9464:9464 --no-healthcheck'
systemctl daemon-reload
systemctl enable --now slotkeeper-web slotkeeper-worker

serves() { curl -fsS -o /dev/null http://127.0.0.1:5000/health/ready && curl -fsS -o /dev/null http://127.0.0.1:9464/metrics; }
for _ in $(seq "${TRIES:-60}"); do
  if serves; then exit 0; fi
  sleep 5
done
echo 'Web or worker did not get ready' >&2
exit 1
