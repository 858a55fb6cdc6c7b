# The production image: hashed runtime lock without the embedded server, a built wheel, an unprivileged user.
FROM python:3.13-slim-bookworm AS build

WORKDIR /src
COPY requirements/build.txt requirements/production.txt requirements/
RUN python -m venv /opt/build \
 && /opt/build/bin/pip install --no-cache-dir --require-hashes -r requirements/build.txt \
 && python -m venv /opt/banjie \
 && /opt/banjie/bin/pip install --no-cache-dir --require-hashes -r requirements/production.txt

COPY pyproject.toml README.md LICENSE ./
COPY definitions definitions
COPY workflow workflow
COPY workers workers
COPY portal portal
RUN /opt/build/bin/python -m hatchling build -t wheel -d /tmp/wheel \
 && /opt/banjie/bin/pip install --no-cache-dir --no-deps --no-index /tmp/wheel/*.whl

FROM python:3.13-slim-bookworm

RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin banjie \
 && install -d -o banjie -g banjie /var/lib/banjie

COPY --from=build /opt/banjie /opt/banjie

ENV PATH=/opt/banjie/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    BANJIE_HOME=/var/lib/banjie
USER 10001:10001
WORKDIR /var/lib/banjie
VOLUME /var/lib/banjie
STOPSIGNAL SIGTERM
ENTRYPOINT ["banjie"]
CMD ["--help"]
