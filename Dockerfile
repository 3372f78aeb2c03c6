# Build in the full toolchain, ship the program alone.
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY .cargo .cargo
COPY .sqlx .sqlx
COPY migrations migrations
COPY src src
COPY benches benches
RUN cargo build --release --locked --bin tessera

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates=20230311* curl=7.88.* \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/tessera --create-home tessera
COPY --from=build /src/target/release/tessera /usr/local/bin/tessera
USER 10001
WORKDIR /var/lib/tessera
ENV TESSERA_LISTEN=0.0.0.0:8005 \
    TESSERA_DATA_DIR=/var/lib/tessera/data \
    TESSERA_LOG_FORMAT=json
VOLUME /var/lib/tessera
EXPOSE 8005
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["curl", "-fsS", "http://127.0.0.1:8005/health/ready"]
ENTRYPOINT ["tessera"]
CMD ["serve"]
