"""Writes translator.txt: what PyTorch computes, for tests/unit/model/translator_golden_test.c.

    python3 make_translator_golden.py > translator.txt

Precision and format are those of make_golden.py. Sentences are worked on one by one, so that the
reference has no padding that could be wrong. A case's configuration stands in the file, too, in the
names of translator_config.
"""

import platform
from types import SimpleNamespace

import torch
import torch.nn.functional as F
from torch import nn

from make_golden import emit, rounded

SEED = 22
BEGIN, END = 0, 1
ORDERS = ("state first", "attention first")  # translator_order
ATTENTIONS = ("dot", "scaled dot", "general", "additive", "location")  # translator_attention
TYINGS = ("untied", "output", "all")  # translator_tying
SOURCES = ([5, 0, 7, 2], [3], [4, 4, 8, 2, 6, 1, 3], [9, 1])
# What the decoder reads; it learns to say the same, moved by one, and 1 at the end.
TARGETS = ([0, 3, 8, 4, 6, 2], [0, 5, 1, 7], [0], [0, 2, 2])
WEIGHTS = (1.0, 0.5, 2.0, -0.25)
LONGEST = 12  # of a greedy translation, END counted

# What a case leaves out.
DEFAULTS = dict(order="state first", positions=0, lexical=0)

CASES = {
    # The network that is trained in earnest.
    "full": dict(source_vocabulary=11, target_vocabulary=11, embedding=6, hidden=9,
                 encoder_hidden=4, encoder_layers=2, encoder_directions=2, bridge=1,
                 attention="general", attentional=6, input_feeding=1, tying="all", smoothing=0.1),
    "plain": dict(source_vocabulary=10, target_vocabulary=9, embedding=5, hidden=7,
                  encoder_hidden=7, encoder_layers=1, encoder_directions=1, bridge=0,
                  attention="dot", attentional=0, input_feeding=0, tying="untied", smoothing=0.0),
    "scaled": dict(source_vocabulary=10, target_vocabulary=9, embedding=5, hidden=6,
                   encoder_hidden=3, encoder_layers=2, encoder_directions=2, bridge=0,
                   attention="scaled dot", attentional=7, input_feeding=0, tying="untied",
                   smoothing=0.1),
    "additive": dict(source_vocabulary=10, target_vocabulary=9, embedding=5, hidden=7,
                     encoder_hidden=4, encoder_layers=1, encoder_directions=2, bridge=1,
                     attention="additive", attentional=0, input_feeding=0, tying="untied",
                     smoothing=0.0),
    "additive fed": dict(source_vocabulary=10, target_vocabulary=9, embedding=5, hidden=7,
                         encoder_hidden=6, encoder_layers=1, encoder_directions=1, bridge=1,
                         attention="additive", attentional=5, input_feeding=1, tying="output",
                         smoothing=0.1),
    "location": dict(source_vocabulary=10, target_vocabulary=9, embedding=5, hidden=7,
                     encoder_hidden=6, encoder_layers=1, encoder_directions=1, bridge=1,
                     attention="location", positions=8, attentional=5, input_feeding=1,
                     tying="output", smoothing=0.0),
    # AttnDecoderRNN of PyTorch's sequence-to-sequence tutorial, and the same with other scores.
    "tutorial": dict(source_vocabulary=10, target_vocabulary=9, embedding=6, hidden=6,
                     encoder_hidden=6, encoder_layers=1, encoder_directions=1, bridge=0,
                     order="attention first", attention="location", positions=10, attentional=6,
                     input_feeding=0, tying="untied", smoothing=0.0),
    "tutorial additive": dict(source_vocabulary=10, target_vocabulary=9, embedding=5, hidden=6,
                              encoder_hidden=3, encoder_layers=1, encoder_directions=2, bridge=0,
                              order="attention first", attention="additive", attentional=7,
                              input_feeding=0, tying="untied", smoothing=0.0),
    "tutorial scaled": dict(source_vocabulary=10, target_vocabulary=9, embedding=6, hidden=6,
                            encoder_hidden=6, encoder_layers=1, encoder_directions=1, bridge=0,
                            order="attention first", attention="scaled dot", attentional=5,
                            input_feeding=0, tying="output", smoothing=0.1),
    # What a source token becomes whatever stands around it.
    "lexical": dict(source_vocabulary=11, target_vocabulary=11, embedding=6, hidden=9,
                    encoder_hidden=5, encoder_layers=1, encoder_directions=2, bridge=1,
                    attention="general", attentional=6, input_feeding=1, lexical=1, tying="all",
                    smoothing=0.1),
    "lexical unfed": dict(source_vocabulary=10, target_vocabulary=9, embedding=5, hidden=7,
                          encoder_hidden=4, encoder_layers=1, encoder_directions=2, bridge=1,
                          attention="additive", attentional=4, input_feeding=0, lexical=1,
                          tying="untied", smoothing=0.0),
    "lexical location": dict(source_vocabulary=10, target_vocabulary=9, embedding=5, hidden=7,
                             encoder_hidden=6, encoder_layers=1, encoder_directions=1, bridge=1,
                             attention="location", positions=8, attentional=5, input_feeding=1,
                             lexical=1, tying="output", smoothing=0.0),
}


class Translator(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = c = SimpleNamespace(**config)
        self.asks_first = c.order == "attention first"
        context = c.encoder_directions * c.encoder_hidden
        features = (c.embedding if self.asks_first else c.hidden) + context
        self.target = nn.Embedding(c.target_vocabulary, c.embedding)
        self.source = self.target
        if c.tying != "all":
            self.source = nn.Embedding(c.source_vocabulary, c.embedding)
        self.encoder = nn.GRU(c.embedding, c.encoder_hidden, c.encoder_layers,
                              bidirectional=c.encoder_directions == 2)
        if c.bridge:
            self.bridge = nn.Linear(context, c.hidden)
        fed = c.attentional if c.input_feeding else 0
        # Reads [token; attentional vector], or with attention first the latter alone.
        self.decoder = nn.GRU(c.attentional if self.asks_first else c.embedding + fed, c.hidden)
        if c.attention in ("general", "additive"):
            self.keys = nn.Linear(context, c.hidden)
        if c.attention == "additive":
            self.query = nn.Linear(c.hidden, c.hidden, bias=False)
            self.score = nn.Linear(c.hidden, 1, bias=False)
        if c.attention == "location":
            self.location = nn.Linear(c.embedding + c.hidden, c.positions)
        if c.attentional:
            self.attentional = nn.Linear(features, c.attentional)
        if c.lexical:
            self.lexical = nn.Linear(c.embedding, c.attentional)
        read = c.hidden if self.asks_first else c.attentional or features
        self.output = nn.Linear(read, c.target_vocabulary)
        with torch.no_grad():
            for module in self.children():
                if not isinstance(module, nn.Embedding):
                    for parameter in module.parameters():
                        parameter.mul_(4)  # sharper than fresh weights are
        if c.tying != "untied":
            self.output.weight = self.target.weight

    def encode(self, source):
        """The encoder's states [Ts, C] and the decoder's first [H]."""
        states, last = self.encoder(self.source(torch.tensor(source)))
        top = last[-self.config.encoder_directions :].reshape(-1)
        return states, torch.tanh(self.bridge(top)) if self.config.bridge else top

    def attend(self, x, h, states):
        """The context [C] and the weights [Ts]; x: the embedded token [E]."""
        if self.config.attention == "location":
            weights = F.softmax(self.location(torch.cat([x, h])), dim=0)
            padded = F.pad(states, (0, 0, 0, self.config.positions - len(states)))
            context = torch.bmm(weights[None, None], padded[None])[0, 0]
            return context, weights[: len(states)]
        if self.config.attention == "additive":
            scores = self.score(torch.tanh(self.query(h) + self.keys(states)))[:, 0]
            weights = F.softmax(scores, dim=0)
            return weights @ states, weights
        keys = self.keys(states) if self.config.attention == "general" else states
        scale = 1.0 if self.config.attention == "dot" else None
        # Over the rows of the identity the context is the weights.
        values = torch.cat([states, torch.eye(len(states))], dim=1)
        both = F.scaled_dot_product_attention(h[None, None], keys[None], values[None], scale=scale)
        return both[0, 0].split([states.shape[1], len(states)])

    def step(self, token, h, fed, states, source):
        """Logits [Vt], the next state [H] and attentional vector [A], and the weights [Ts]."""
        x = self.target(torch.tensor(token))
        if self.asks_first:
            context, weights = self.attend(x, h, states)
            read = F.relu(self.attentional(torch.cat([x, context])))
            h = self.decoder(read[None], h[None])[1][0]
            return self.output(h), h, read, weights
        read = torch.cat([x, fed]) if self.config.input_feeding else x
        h = self.decoder(read[None], h[None])[1][0]
        context, weights = self.attend(x, h, states)
        features = torch.cat([h, context])
        if self.config.attentional:
            features = torch.tanh(self.attentional(features))
        said = features
        if self.config.lexical:
            said = said + weights @ self.lexical(self.source(torch.tensor(source)))
        return self.output(said), h, features, weights

    def forced(self, source, target):
        """The logits [Tt, Vt] under teacher forcing, and the weights [Tt, Ts]."""
        states, h = self.encode(source)
        fed, logits, weights = torch.zeros(self.config.attentional), [], []
        for token in target:
            row, h, fed, column = self.step(token, h, fed, states, source)
            logits.append(row)
            weights.append(column)
        return torch.stack(logits), torch.stack(weights)

    def free(self, source, outputs):
        """The loss of a sentence whose decoder reads what it finds the likeliest, until END."""
        states, h = self.encode(source)
        token, fed, loss = BEGIN, torch.zeros(self.config.attentional), 0
        for output in outputs:
            logits, h, fed, _ = self.step(token, h, fed, states, source)
            loss = loss + F.cross_entropy(logits, torch.tensor(output),
                                          label_smoothing=self.config.smoothing)
            best = logits.topk(2)
            assert best.values[0] - best.values[1] > 1e-3, "rounding could decide"
            token = best.indices[0].item()
            if token == END:
                break
        return loss

    def greedy(self, source):
        """The likeliest token at each step, but for BEGIN, until END or LONGEST of them."""
        states, h = self.encode(source)
        fed, tokens = torch.zeros(self.config.attentional), [BEGIN]
        while len(tokens) <= LONGEST and tokens[-1] != END:
            logits, h, fed, _ = self.step(tokens[-1], h, fed, states, source)
            best = logits[BEGIN + 1 :].topk(2)
            assert best.values[0] - best.values[1] > 1e-3, "rounding could decide"
            tokens.append(best.indices[0].item() + BEGIN + 1)
        return tokens[1:]

    def by_our_names(self):
        """Name, values and gradient of each parameter, as src/model/translator.c has them."""
        c = self.config
        for layer, module in self.named_children():
            if layer == "source" and c.tying == "all":
                continue
            for name, parameter in module.named_parameters():
                both = parameter, parameter.grad
                if layer == "target" and c.tying == "all":
                    yield f"embedding.{name}", *both
                elif layer == "decoder" and name == "weight_ih_l0" and c.input_feeding:
                    parts = [t.split([c.embedding, c.attentional], dim=1) for t in both]
                    yield "decoder.weight_ih_l0", *(part[0] for part in parts)
                    yield "feed.weight", *(part[1] for part in parts)
                elif layer != "output" or name == "bias" or c.tying == "untied":
                    yield f"{layer}.{name}", *both


def flat(sentences):
    return [token for sentence in sentences for token in sentence]


def case(name, config):
    config = DEFAULTS | config
    network = rounded(Translator(config))
    outputs = [target[1:] + [END] for target in TARGETS]
    for key, value in config.items():
        names = {"order": ORDERS, "attention": ATTENTIONS, "tying": TYINGS}.get(key)
        emit(f"{name}/{key}", names.index(value) if names else value)
    emit(f"{name}/sources", flat(SOURCES))
    emit(f"{name}/source lengths", [len(source) for source in SOURCES])
    emit(f"{name}/inputs", flat(TARGETS))
    emit(f"{name}/outputs", flat(outputs))
    emit(f"{name}/target lengths", [len(target) for target in TARGETS])
    emit(f"{name}/weights", WEIGHTS)

    loss, free, scores, translations = 0, 0, [], []
    for i, (source, target, output) in enumerate(zip(SOURCES, TARGETS, outputs)):
        logits, weights = network.forced(source, target)
        output = torch.tensor(output)
        loss = loss + WEIGHTS[i] * F.cross_entropy(logits, output, reduction="sum",
                                                   label_smoothing=network.config.smoothing)
        free = free + WEIGHTS[i] * network.free(source, output.tolist())
        scores.append(-F.cross_entropy(logits, output, reduction="sum").item())
        translations.append(network.greedy(source))
        emit(f"{name}/log_probability {i}", F.log_softmax(logits, dim=1))
        emit(f"{name}/attention {i}", weights)
    loss.backward()
    emit(f"{name}/loss", loss)
    emit(f"{name}/free loss", free)
    emit(f"{name}/scores", scores)
    emit(f"{name}/greedy limit", LONGEST)
    emit(f"{name}/greedy", flat(translations))
    emit(f"{name}/greedy lengths", [len(tokens) for tokens in translations])
    for parameter, values, gradient in network.by_our_names():
        emit(f"{name}/{parameter}", values)
        if gradient.abs().max() > 1e-12:  # not of the keys' bias, see the test
            emit(f"{name}/d {parameter}", gradient)


def main():
    torch.manual_seed(SEED)
    torch.set_default_dtype(torch.float64)
    print("# Written by make_translator_golden.py; do not edit.")
    version = torch.__version__.partition("+")[0]
    print(f"# PyTorch {version}, Python {platform.python_version()}, seed {SEED}\n")
    for name, config in CASES.items():
        case(name, config)


if __name__ == "__main__":
    main()
