"""What all formats share: titles, header trees, page breaks, side-by-side lanes, lost columns."""
