"""DRetHTR: its two streams, its sizes, and that reading equals training."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from models.armf import ARMF
from models.drethtr import DRetHTR, DRetHTRConfig
from models.efficientnet import efficientnet_v2_s, sum_input_channels
from models.registry import MODELS, create, model_config
from models.retention import bidirectional_decay, decay_matrix, layerwise_gamma

TINY = {"width": 24, "layers": 3, "heads": 4, "feed_forward": 40, "height": 16, "max_image_tokens": 64}


def tiny(**changes: object) -> DRetHTR:
    torch.manual_seed(0)
    settings = {"embedder": "residual_cnn", **TINY, "key_mask": True, "name_columns": True, **changes}
    return DRetHTR(DRetHTRConfig(vocabulary=20, **settings)).double().eval()


def pictures(batch: int = 3, width: int = 64) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(1)
    pixels = torch.randn(batch, 1, 16, width, generator=generator, dtype=torch.float64)
    tokens = torch.randint(4, 20, (batch, 9), generator=generator)
    return pixels, torch.tensor([width, width - 20, width - 30][:batch]), tokens


@pytest.mark.parametrize(
    ("name", "parameters"), [("drethtr-base", 107_405_728), ("drethtr-small", 73_485_472)]
)
def test_parameter_counts_are_those_of_the_paper(name: str, parameters: int) -> None:
    model = create(name, vocabulary=83)
    assert sum(p.numel() for p in model.parameters()) == parameters


@pytest.mark.parametrize("image_prior", ["none", "mul_post", "add_log"])
@pytest.mark.parametrize("d_norm", [True, False])
@pytest.mark.parametrize("gamma", ["retnet", "head", "layer"])
def test_recurrent_form_equals_parallel_form(image_prior: str, d_norm: bool, gamma: str) -> None:
    model = tiny(image_prior=image_prior, d_norm=d_norm, gamma=gamma)
    pixels, widths, tokens = pictures()
    output = model(pixels, widths, tokens)
    memory = model.encode(pixels, widths)
    states = model.start(memory)
    for t in range(tokens.shape[1]):
        logits, attention, states = model.step(tokens[:, t], memory, states)
        torch.testing.assert_close(logits, output.logits[:, t], rtol=0, atol=1e-10)
        torch.testing.assert_close(attention, output.attention[:, t], rtol=0, atol=1e-10)


def test_image_rows_do_not_depend_on_text() -> None:
    model = tiny()
    pixels, widths, tokens = pictures()
    first, second = (model(pixels, widths, t).columns for t in (tokens, tokens.flip(1)))
    assert torch.equal(first, second)


def test_text_rows_do_not_depend_on_later_text() -> None:
    model = tiny()
    pixels, widths, tokens = pictures()
    changed = tokens.clone()
    changed[:, 5:] = 4
    first, second = (model(pixels, widths, t).logits[:, :5] for t in (tokens, changed))
    torch.testing.assert_close(first, second, rtol=0, atol=1e-12)


def test_beams_that_share_an_image_read_as_if_they_had_copies() -> None:
    model = tiny()
    pixels, widths, tokens = pictures()
    shared = model.encode(pixels, widths)
    copied = model.encode(pixels.repeat_interleave(2, 0), widths.repeat_interleave(2, 0))
    rows = torch.stack([tokens[:, 0], tokens[:, 1]], 1).flatten()
    one, *_ = model.step(rows, shared, model.start(shared, 2))
    two, *_ = model.step(rows, copied, model.start(copied))
    torch.testing.assert_close(one, two, rtol=0, atol=1e-12)


def test_a_line_reads_the_same_alone_and_in_company() -> None:
    model = tiny()
    pixels, widths, tokens = pictures()
    together = model(pixels, widths, tokens).logits
    for i in range(3):
        alone = model(pixels[i : i + 1], widths[i : i + 1], tokens[i : i + 1]).logits
        torch.testing.assert_close(alone[0], together[i], rtol=0, atol=1e-12)


def test_padded_columns_get_no_attention() -> None:
    model = tiny()
    pixels, widths, tokens = pictures()
    attention = model(pixels, widths, tokens).attention
    assert attention[2, :, math.ceil(34 / 4) :].abs().max() == 0
    torch.testing.assert_close(attention.sum(-1), torch.ones_like(attention[..., 0]))


@pytest.mark.parametrize("image_prior", ["none", "mul_post", "add_log"])
def test_two_streams_equal_the_dense_matrix_of_equation_7(image_prior: str) -> None:
    torch.manual_seed(0)
    gamma = layerwise_gamma(3, 4)[1]
    layer = ARMF(24, 4, gamma, d_norm=True, image_prior=image_prior, dropout=0.0).double().eval()
    image, text = torch.randn(2, 7, 24).double(), torch.randn(2, 5, 24).double()
    from_image, keys, values = layer.image(image, None)
    from_text, _ = layer.text(text, keys, values, None)
    dense = dense_armf(layer, image, text)
    torch.testing.assert_close(torch.cat([from_image, from_text], 1), dense, rtol=0, atol=1e-12)


def dense_armf(layer: ARMF, image: Tensor, text: Tensor) -> Tensor:
    """Equation (7) as it is printed: one N x N matrix a head, image rows first."""
    x = torch.cat([image, text], 1)
    n_image, h = image.shape[1], x.shape[-1] // layer.heads
    heads = []
    for k in range(layer.heads):
        part = slice(k * h, (k + 1) * h)
        q, key, v = ((x @ linear.weight.T)[..., part] for linear in (layer.query, layer.key, layer.value))
        dots = q @ key.transpose(1, 2) / math.sqrt(h)
        gamma = layer.gamma[k : k + 1]
        scores = dots[..., :n_image]
        if layer.image_prior == "add_log":
            prior = torch.zeros_like(scores)
            prior[:, :n_image] = bidirectional_decay(gamma, n_image, d_norm=False)[0].log()
            scores = scores + prior
        softmax = torch.softmax(scores, -1)
        if layer.image_prior == "mul_post":
            softmax = torch.cat(
                [softmax[:, :n_image] * bidirectional_decay(gamma, n_image)[0], softmax[:, n_image:]], 1
            )
        decay = F.pad(decay_matrix(gamma, text.shape[1])[0], (0, 0, n_image, 0))
        weights = torch.cat([softmax, dots[..., n_image:] * decay], -1)
        heads.append(weights @ v)
    return torch.cat(heads, -1) @ layer.out.weight.T + layer.out.bias


def test_efficientnet_makes_140_tokens_of_the_widest_line_and_ceil_of_a_sixteenth_of_any() -> None:
    backbone = efficientnet_v2_s().eval()
    with torch.inference_mode():
        assert backbone(torch.zeros(1, 1, 64, 2227)).shape == (1, 1280, 2, 140)
        for width in (1, 17, 333):
            assert backbone(torch.zeros(1, 1, 64, width)).shape[-1] == math.ceil(width / 16)


def test_the_backbone_has_as_many_parameters_and_dropouts_as_it_should() -> None:
    backbone = efficientnet_v2_s(dropout=0.3)
    assert sum(p.numel() for p in backbone.parameters()) == 20_177_056
    activations = sum(isinstance(m, torch.nn.SiLU) for m in backbone.modules())
    assert sum(isinstance(m, torch.nn.Dropout) for m in backbone.modules()) == activations
    assert {m.eps for m in backbone.modules() if isinstance(m, torch.nn.BatchNorm2d)} == {1e-3}


def test_backbone_equals_torchvision_on_the_same_weights() -> None:
    torchvision = pytest.importorskip("torchvision", reason="torchvision is not installed")
    theirs = torchvision.models.efficientnet_v2_s().features.eval()
    ours = efficientnet_v2_s().eval()
    ours.load_state_dict(sum_input_channels(theirs.state_dict()))
    theirs[0][0].stride = (2, 1)
    line = torch.randn(1, 1, 64, 128)
    torch.testing.assert_close(ours(line), theirs(line.expand(-1, 3, -1, -1)), rtol=1e-4, atol=1e-4)


def test_initialisation_leaves_the_backbone_as_it_was() -> None:
    model = tiny(embedder="efficientnet_v2_s", height=32)
    kernel = model.embedder.features[0][0].weight
    before = kernel.clone()
    model._initialise()
    assert torch.equal(before, kernel)


def test_smoothed_loss_has_the_floor_the_paper_trained_against() -> None:
    confident = torch.full((1, 83), -1e9)
    target = torch.full((1, 83), 0.4 / 83)
    target[0, 7] += 0.6
    entropy = -(target * target.log()).sum()
    assert float(entropy) == pytest.approx(2.4125, abs=5e-4)
    loss = F.cross_entropy(target.log(), torch.tensor([7]), label_smoothing=0.4)
    assert float(loss) == pytest.approx(2.4125, abs=5e-4)
    assert confident.shape == target.shape


def test_a_picture_wider_than_the_model_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"300 pixels wide.*takes 64 \(256 pixels\)"):
        tiny()(torch.zeros(1, 1, 16, 300).double(), None, torch.zeros(1, 1, dtype=torch.int64))


@pytest.mark.parametrize(
    "wrong", [{"vocabulary": 4}, {"width": 25}, {"heads": 5}, {"layers": 0}, {"dropout": 1.0}, {"width": 0}]
)
def test_a_config_that_cannot_work_is_refused(wrong: dict) -> None:
    with pytest.raises(ValueError, match="|".join(wrong)):
        DRetHTRConfig(**{"vocabulary": 20, **wrong})


@pytest.mark.parametrize("name", MODELS)
def test_every_model_of_the_registry_has_a_valid_config(name: str) -> None:
    assert model_config(name, vocabulary=83).vocabulary == 83
