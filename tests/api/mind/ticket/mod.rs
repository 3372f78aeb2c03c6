mod create;
mod patch_batch;
mod patch_fields;
mod patch_refresh;
mod patch_status;
mod patch_tags;
