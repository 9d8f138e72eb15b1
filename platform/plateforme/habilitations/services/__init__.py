"""Acts on rights."""
