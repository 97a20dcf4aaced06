"""Show a digest in the browser in all its forms, beside each other, and anew whenever it changes.

Of digests and templates it knows nothing: it shows pages that others make.
"""
