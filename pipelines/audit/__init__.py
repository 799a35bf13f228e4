"""The audit: samples are checked again by means that the mill does not use."""
