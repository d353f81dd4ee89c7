"""The atlas of signing rules: one small spec per exchange, compared byte for byte with what another client sends."""
