# One image for all services; docker-compose.yml says which of them a container runs.

FROM python:3.11.14-slim-bookworm AS build

# PyTorch's CPU wheel index (see constraints.txt). Without it an x86-64 image holds the
# CUDA build of torch, which works and is several gigabytes larger.
ARG TORCH_INDEX_URL=""

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/stillgreen
ENV PATH=/opt/stillgreen/bin:$PATH
WORKDIR /src

# The dependencies are a layer of their own: a change in the code does not install them anew.
COPY constraints.txt pyproject.toml README.md LICENSE ./
RUN if [ -n "$TORCH_INDEX_URL" ]; then \
      pip install --no-deps --index-url "$TORCH_INDEX_URL" -c constraints.txt torch; \
    fi \
    && mkdir -p services agents corpus faults observability \
    && pip install -c constraints.txt . \
    && pip uninstall --yes stillgreen

COPY . .
RUN pip install --no-deps -c constraints.txt .


FROM python:3.11.14-slim-bookworm

RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin stillgreen \
    && install -d -o stillgreen -g stillgreen /data /chroma
COPY --from=build /opt/stillgreen /opt/stillgreen

ENV PATH=/opt/stillgreen/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    STILLGREEN_HOME=/data \
    STILLGREEN_HOST=0.0.0.0
WORKDIR /data
VOLUME /data
USER stillgreen
EXPOSE 8080
ENTRYPOINT []
CMD ["stillgreen", "serve", "gateway"]
