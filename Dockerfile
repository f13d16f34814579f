# okta-aws for CI and containers: docs/containers.md.
FROM debian:stable-slim

ARG OKTA_AWS_VERSION=
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates curl \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --create-home --uid 1000 okta-aws

COPY install.sh /tmp/install.sh
RUN OKTA_AWS_INSTALL_DIR=/usr/local/bin OKTA_AWS_VERSION="$OKTA_AWS_VERSION" sh /tmp/install.sh \
  && rm /tmp/install.sh

USER okta-aws
WORKDIR /home/okta-aws
ENV OKTA_AWS_BACKEND=env
ENTRYPOINT ["okta-aws"]
