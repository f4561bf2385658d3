# Regionfall in a container: the service, the harness or a world to play in, by what it is told to run.
# Its context is not this folder but what `npm run image` lays out from the npm package: build/image.
# Nothing is run in here, so any image with Node 22.12 or later will do, also one without a shell.
ARG NODE_IMAGE=node:26.10.0-bookworm-slim
FROM ${NODE_IMAGE}
COPY rootfs /
ENV NODE_ENV=production
USER 65532:65532
WORKDIR /project
ENTRYPOINT ["node", "/app/node_modules/regionfall/bin/regionfall"]
CMD ["--help"]
