/**
 * A container image, for a sidecar: the program on libc alone, without a shell, and not as root.
 *
 * @module
 */

import type { Channel } from "../channels.ts";
import { product, programFor } from "../release.ts";

/** The row. */
export const container: Channel = {
  name: "container",
  files: (release) => ({
    "Containerfile":
      `# Built in the folder with the programs of the release: podman build -f Containerfile .
ARG BASE=gcr.io/distroless/cc-debian12:nonroot
ARG TARGETARCH=amd64

FROM scratch AS amd64
COPY --chmod=0755 ${programFor(release, "x86_64-unknown-linux-gnu").name} /usr/local/bin/stsaval

FROM scratch AS arm64
COPY --chmod=0755 ${programFor(release, "aarch64-unknown-linux-gnu").name} /usr/local/bin/stsaval

FROM \${TARGETARCH} AS program

FROM \${BASE}
LABEL org.opencontainers.image.title="${product.name}" \\
      org.opencontainers.image.version="${release.version}" \\
      org.opencontainers.image.description="${product.summary}" \\
      org.opencontainers.image.source="${product.homepage}" \\
      org.opencontainers.image.licenses="${product.license}"
COPY --from=program /usr/local/bin/stsaval /usr/local/bin/stsaval
ENV HOME=/home/nonroot
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/stsaval"]
CMD ["help"]
`,
  }),
};
