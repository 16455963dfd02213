# Caddy as an ordinary user. The image's own folder for certificates belongs to root.
FROM caddy:2
RUN adduser -S -u 10002 -G nogroup caddy && chown -R caddy /data /config
USER caddy
