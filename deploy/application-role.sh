#!/bin/sh
# The application's own role, made when the database is. It owns nothing; what it may do is granted after each migration.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set password="$POSTGRES_APP_PASSWORD" <<'SQL'
CREATE ROLE yijian_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
SQL
