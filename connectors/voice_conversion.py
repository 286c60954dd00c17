"""`python -m connectors.voice_conversion SOURCE TARGET`: a recording into Ogg with Opus, 48 kHz, one channel.

A program of its own: what it decodes comes from outside, and the decoder is C. Nothing else imports this module.
"""

import resource
import sys

import av

MEMORY_BYTES = 1024**3
CPU_SECONDS = 50
RATE = 48_000
BIT_RATE = 32_000


def convert(source: str, target: str) -> None:
    with av.open(source) as recorded, av.open(target, "w", format="ogg") as voice:
        sound = recorded.streams.audio[0]
        opus = voice.add_stream("libopus", rate=RATE)
        opus.layout = "mono"
        opus.bit_rate = BIT_RATE
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        frames = 0
        for frame in recorded.decode(sound):
            for resampled in resampler.resample(frame):
                frames += 1
                voice.mux(opus.encode(resampled))
        for resampled in resampler.resample(None):
            voice.mux(opus.encode(resampled))
        voice.mux(opus.encode(None))
    if not frames:
        raise ValueError("The recording holds no sound.")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    convert(sys.argv[1], sys.argv[2])
