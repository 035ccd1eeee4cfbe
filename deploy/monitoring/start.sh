#!/bin/sh
# Makes of the settings what the services of the profile `monitoring` read: at every start anew, but for the password.
set -eu
made=/made/monitoring
umask 077

# The user is admin. Whoever changes it in Grafana has changed it: this one is for the first time.
[ -e $made/grafana_password ] || openssl rand -hex 16 >$made/grafana_password
printf -- '- targets: ["%s/health/ready"]\n' "$PUBLIC_URL" >$made/public.yml

cp /run/secrets/mail_password $made/mail_password
if [ -n "$MAIL_USERNAME" ]; then
  sign_in="smtp_auth_username: '$MAIL_USERNAME'\\n  smtp_auth_password_file: $made/mail_password"
else
  # Where nobody signs in, there may be no encryption to ask for either: an inbox for trying out.
  sign_in="smtp_require_tls: false"
fi
sed -e "s|^  smtp_smarthost: .*|  smtp_smarthost: '$MAIL_SERVER:$MAIL_PORT'\\n  $sign_in|" -e "s|alerts@example.com|$MAIL_FROM|" \
  -e "s|on-call@example.com|$ALERTS_PAGES_TO|" -e "s|operations@example.com|$ALERTS_TO|" /alertmanager.yml >$made/alertmanager.yml

# Each reads what is its own, as the user that its image runs as.
chmod 755 $made
chmod 644 $made/public.yml
chown 65534:65534 $made/alertmanager.yml $made/mail_password
chown 472:0 $made/grafana_password
