"""Words of reports: titles, notes and columns. Each is one line of a page or a table."""

from tengjia.messages import Message

MESSAGES = {
    "report.footer": Message(
        "Written by Tengjia {version}. This page needs no network.", "由藤架 Tengjia {version} 生成。本页面无需联网。"
    ),
    "report.curves_title": Message("Curves of training", "训练曲线"),
    "report.curves_lead": Message(
        "Drawn {time}. Rest the pointer on a line to read its value.", "绘制于 {time}。将指针停在曲线上可查看数值。"
    ),
    "report.step": Message("optimizer steps", "优化步数"),
    "report.panel_loss": Message("Loss", "损失"),
    "report.panel_score": Message("Scores on held-out data", "留出数据上的得分"),
    "report.panel_learning_rate": Message("Learning rate", "学习率"),
    "report.panel_gradient_norm": Message("Norm of the gradient before clipping", "裁剪前的梯度范数"),
    "report.best_at": Message("{name}: highest {value} at step {step}", "{name}：最高 {value}（第 {step} 步）"),
}
