"""The peer of bench_translator: one training step of a translator's network on one thread.

python3 torch_translator.py [--compile]

Embeddings of 256 -> encoder GRU of 512; embeddings of 256 -> decoder GRU of 512 that starts from
the encoder's last state; scaled dot-product attention over the encoder's states; [state; context]
of 1,024 -> 8,000 words; cross-entropy, gradients clipped to a norm of 1, Adam. A batch has 128
pairs of 12 and 12 words. --compile: by torch.compile, which takes half a minute a precision."""

import sys

from torch_measure import measure, print_version, torch
from torch import nn
from torch.nn import functional

WORDS = 8000
EMBEDDING = 256
HIDDEN = 512
BATCH = 128
LENGTH = 12


class Translator(nn.Module):
    def __init__(self):
        super().__init__()
        self.source = nn.Embedding(WORDS, EMBEDDING)
        self.target = nn.Embedding(WORDS, EMBEDDING)
        self.encoder = nn.GRU(EMBEDDING, HIDDEN)
        self.decoder = nn.GRU(EMBEDDING, HIDDEN)
        self.out = nn.Linear(2 * HIDDEN, WORDS)

    def forward(self, source, target):  # [T, B] each -> [T * B, WORDS]
        memory, last = self.encoder(self.source(source))
        state, _ = self.decoder(self.target(target), last)
        keys, queries = memory.transpose(0, 1), state.transpose(0, 1)  # [B, T, H]
        context = functional.scaled_dot_product_attention(queries, keys, keys)
        both = torch.cat([state, context.transpose(0, 1)], 2)
        return self.out(both.reshape(-1, 2 * HIDDEN))

    def loss(self, source, target, wanted):
        return functional.cross_entropy(self(source, target), wanted.flatten())


def main():
    compiled = "--compile" in sys.argv[1:]
    torch._dynamo.config.allow_rnn = True
    print_version()
    source, target, wanted = torch.randint(WORDS, (3, LENGTH, BATCH))
    for precision in "f32", "bf16":
        network = Translator()
        loss_of = torch.compile(network.loss) if compiled else network.loss
        optimizer = torch.optim.Adam(network.parameters(), lr=1e-3, fused=True)

        def step():
            with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
                loss = loss_of(source, target, wanted)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()

        measure(f"translator training {precision}", "tokens/s", 2 * LENGTH * BATCH, step)


main()
