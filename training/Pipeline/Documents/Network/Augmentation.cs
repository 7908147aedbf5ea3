using Serverless.Serving.Documents;

namespace Serverless.Training.Documents;

/// <summary>Changes pictures by chance, within the contract's ranges.</summary>
/// <param name="rules">The ranges.</param>
/// <param name="features">Sizes.</param>
internal sealed class Augmentation(AugmentationRules rules, PictureFeatures features)
{
    // Points of the grid by which a picture is bent, on each side: between them it is bent evenly.
    private const int Knots = 6;

    private readonly float[] _bentX = new float[Knots * Knots], _bentY = new float[Knots * Knots];
    private readonly int _height = features.Height, _width = features.Width, _channels = features.Channels;

    /// <summary>Writes a changed picture as the network takes it, [channels, height, width].</summary>
    /// <param name="picture">The picture; stays as it is.</param>
    /// <param name="random">Where the changes come from.</param>
    /// <param name="input">Where it is written.</param>
    public void Write(FramedPicture picture, Random random, Span<float> input)
    {
        // From a place of the changed picture back to where its colour comes from, both from the middle.
        var (angle, zoom, slant) = (Drawn(random, rules.Rotation) * Math.PI / 180, 1 + Drawn(random, rules.Scale), Drawn(random, rules.Shear));
        var (cos, sin) = (Math.Cos(angle) / zoom, Math.Sin(angle) / zoom);
        var (moveX, moveY) = (Drawn(random, rules.Shift) * _width, Drawn(random, rules.Shift) * _height);
        var (xx, xy, yx, yy) = ((float)(cos + (slant * sin)), (float)(-sin + (slant * cos)), (float)sin, (float)cos);
        var bends = rules.Elastic > 0;
        if (bends) Bend(random);
        var (contrast, brightness) = ((float)(1 + Drawn(random, rules.Contrast)), (float)(Drawn(random, rules.Brightness) * 255));
        var (middleX, middleY) = ((_width - 1) / 2f, (_height - 1) / 2f);
        var pixels = _height * _width;
        for (var y = 0; y < _height; y++)
        {
            for (var x = 0; x < _width; x++)
            {
                var (fromX, fromY) = (x - middleX - (float)moveX, y - middleY - (float)moveY);
                var (toX, toY) = ((xx * fromX) + (xy * fromY) + middleX, (yx * fromX) + (yy * fromY) + middleY);
                if (bends)
                {
                    toX += Bent(_bentX, x, y);
                    toY += Bent(_bentY, x, y);
                }

                Sample(picture, toX, toY, input, (y * _width) + x, pixels);
            }
        }

        Finish(random, contrast, brightness, input, pixels);
    }

    private static double Drawn(Random random, double most) => most == 0 ? 0 : ((random.NextDouble() * 2) - 1) * most;

    private void Bend(Random random)
    {
        for (var i = 0; i < _bentX.Length; i++)
        {
            _bentX[i] = (float)(Drawn(random, rules.Elastic) * 2 * _width);
            _bentY[i] = (float)(Drawn(random, rules.Elastic) * 2 * _height);
        }
    }

    private float Bent(float[] knots, int x, int y)
    {
        var (atX, atY) = (x * (Knots - 1f) / _width, y * (Knots - 1f) / _height);
        var (i, j) = ((int)atX, (int)atY);
        var (dx, dy) = (atX - i, atY - j);
        var k = (j * Knots) + i;
        var (above, below) = (knots[k] + ((knots[k + 1] - knots[k]) * dx), knots[k + Knots] + ((knots[k + Knots + 1] - knots[k + Knots]) * dx));
        return above + ((below - above) * dy);
    }

    // Between four neighbours; beyond the border is the colour of the border.
    private void Sample(FramedPicture picture, float x, float y, Span<float> input, int place, int pixels)
    {
        var (left, top) = ((int)MathF.Floor(x), (int)MathF.Floor(y));
        var (dx, dy) = (x - left, y - top);
        var inside = left >= 0 && top >= 0 && left + 1 < _width && top + 1 < _height;
        for (var c = 0; c < _channels; c++)
        {
            float a, b, d, e;
            if (inside)
            {
                var at = (((top * _width) + left) * _channels) + c;
                (a, b) = (picture.Values[at], picture.Values[at + _channels]);
                at += _width * _channels;
                (d, e) = (picture.Values[at], picture.Values[at + _channels]);
            }
            else
            {
                (a, b, d, e) = (At(picture, left, top, c), At(picture, left + 1, top, c), At(picture, left, top + 1, c), At(picture, left + 1, top + 1, c));
            }

            var (above, below) = (a + ((b - a) * dx), d + ((e - d) * dx));
            input[(c * pixels) + place] = above + ((below - above) * dy);
        }
    }

    private float At(FramedPicture picture, int x, int y, int c) =>
        x < 0 || y < 0 || x >= _width || y >= _height ? picture.Ground[c] : picture.Values[(((y * _width) + x) * _channels) + c];

    private void Finish(Random random, float contrast, float brightness, Span<float> input, int pixels)
    {
        var noise = (float)(rules.Noise * 255);
        var state = (uint)random.Next() | 1;
        for (var c = 0; c < _channels; c++)
        {
            var (mean, factor) = ((float)(255 * features.Mean[c]), (float)(1 / (255 * features.Deviation[c])));
            foreach (ref var value in input.Slice(c * pixels, pixels))
            {
                var changed = ((value - 127.5f) * contrast) + 127.5f + brightness;
                if (noise > 0)
                {
                    // Marsaglia 2003: one step is enough for noise.
                    state ^= state << 13;
                    state ^= state >> 17;
                    state ^= state << 5;
                    changed += ((state * (2f / uint.MaxValue)) - 1) * noise;
                }

                value = (changed - mean) * factor;
            }
        }
    }
}
