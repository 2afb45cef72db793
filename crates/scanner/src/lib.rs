//! Pictures in, text out: camera, image files and recorded frames.
