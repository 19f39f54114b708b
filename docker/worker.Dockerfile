# Winnow in a container: worker, command and direct mode in one (docker/entry.ts tells which it is).
#
#     docker build -f docker/worker.Dockerfile -t winnow --target slim .    all that Winnow does today
#     docker build -f docker/worker.Dockerfile -t winnow .                  and DuckDB, for SQL in specs, which is still to come

FROM node:24-bookworm-slim AS build
WORKDIR /src
# What is installed follows from these alone: a changed source costs no new installation.
COPY package.json package-lock.json ./
COPY packages/kernel/package.json packages/kernel/
COPY packages/core/package.json packages/core/
COPY packages/worker/package.json packages/worker/
COPY packages/orchestrator/package.json packages/orchestrator/
COPY packages/testing/package.json packages/testing/
COPY bench/package.json bench/
COPY examples/package.json examples/
COPY docker/package.json docker/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build && npm run bundle -w @winnow/docker

# DuckDB and nothing else of what the build needs.
FROM node:24-bookworm-slim AS duckdb
WORKDIR /duckdb
COPY package.json package-lock.json /src/
RUN cd /src && version="$(node -p "require('./package-lock.json').packages['node_modules/@duckdb/node-api'].version")" \
    && cd /duckdb && npm install --omit=dev --no-audit --no-fund --no-package-lock "@duckdb/node-api@${version}"

FROM node:24-bookworm-slim AS slim
LABEL org.opencontainers.image.title="winnow" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.description="Turns archives into Parquet, CSV and JSON, and accounts for every record"
COPY --from=build /src/docker/dist /app
COPY docker/winnow /usr/local/bin/winnow
ENV NODE_ENV=production NODE_COMPILE_CACHE=/app/cache
RUN mkdir /app/cache && chown 1000:1000 /app/cache
# The one place that is written to, also where the root file system is read-only: plans are sorted there.
VOLUME ["/tmp"]
USER 1000:1000
# Compiled code, kept per user: it halves what a start takes. The last two find nothing; they only have to load.
RUN node /app/winnow.js --version && node /app/winnow.js run --help >/dev/null \
    && ! WINNOW_RUN=/none/_winnow/0000-00000000 WINNOW_SUBMISSION=0 node /app/winnow.js 2>/dev/null \
    && ! AWS_REGION=none AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none AWS_ENDPOINT_URL=http://127.0.0.1:9 \
         WINNOW_RUN=s3://none/_winnow/0000-00000000 WINNOW_SUBMISSION=0 timeout 5 node /app/winnow.js 2>/dev/null
WORKDIR /work
# Node is the first process: signals reach it. Its young generation has its whole size at once: to grow costs a start
# a fifth of its time.
ENTRYPOINT ["node", "--min-semi-space-size=16", "--max-semi-space-size=16", "/app/winnow.js"]
HEALTHCHECK --interval=1m --timeout=10s CMD ["node", "/app/winnow.js", "--version"]

FROM slim AS full
COPY --from=duckdb /duckdb/node_modules /app/node_modules
