"""The paper: what is written on."""
